; SPDX-License-Identifier: BSD-2-Clause
; Handles over bit vectors: the axioms of microkernel/object/cspace.h. h is the handle that
; cspace_handle() makes of a generation and an index of a space of 2^k slots. The answer must be unsat.
(set-logic QF_BV)
(declare-const k (_ BitVec 32))
(declare-const x (_ BitVec 32)) ; any handle
(declare-const g (_ BitVec 32))
(declare-const i (_ BitVec 32))
(define-fun s () (_ BitVec 32) (bvshl #x00000001 k))
(define-fun low () (_ BitVec 32) (bvsub s #x00000001))
(define-fun h () (_ BitVec 32) (bvor (bvshl g k) i))
(assert (bvule k #x0000001f))
(assert (not (and
	(bvule (bvand x low) low)                                             ; index_small
	(=> (bvult g (bvshl #x00000001 (bvsub #x0000001f k)))                 ; fits
	    (and (= (bvlshr (bvshl g k) k) g) (bvule (bvshl g k) #x7fffffff)))
	(=> (and (bvult g (bvshl #x00000001 (bvsub #x0000001f k))) (bvult i s))
	    (and (= (bvand h low) i)                                          ; index_back
	         (= (bvlshr h k) g)                                           ; generation_back
	         (bvule i h) (bvule h #x7fffffff))))))                        ; positive
(check-sat)
