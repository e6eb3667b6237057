; SPDX-License-Identifier: BSD-2-Clause
; Handles over bit vectors: the axioms of microkernel/object/cspace.h, for two handles g and h of a
; space of 2^k slots with the mask m. The answer must be unsat.
(set-logic QF_BV)
(declare-const k (_ BitVec 32))
(declare-const g (_ BitVec 32))
(declare-const h (_ BitVec 32))
(declare-const any (_ BitVec 32)) ; a mask of any form
(define-fun s () (_ BitVec 32) (bvshl #x00000001 k)) ; m + 1
(define-fun m () (_ BitVec 32) (bvsub s #x00000001))
(define-fun wide ((x (_ BitVec 32))) (_ BitVec 33) ((_ zero_extend 1) x)) ; sums do not wrap
(assert (and (bvule #x00000001 k) (bvule k #x0000000c))) ; CSPACE_BITS_MAX
(assert (not (and
	(bvule #x00000001 m) (bvult m #x00001000)                             ; mask_range
	(bvule (bvand h any) any)                                             ; index_small
	(distinct (bvand m m) #x00000000)                                     ; not_header
	(=> (and (bvult m h) (bvule (wide h) (bvadd (wide m) (wide s))))      ; index_first
	    (= (bvand h m) (bvsub h s)))
	(=> (= (wide h) (bvadd (wide g) (wide s)))                            ; index_next
	    (= (bvand h m) (bvand g m)))
	(=> (and (bvult g h) (bvult (wide h) (bvadd (wide g) (wide s))))      ; none_between
	    (distinct (bvand h m) (bvand g m))))))
(check-sat)
