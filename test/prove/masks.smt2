; SPDX-License-Identifier: BSD-2-Clause
; The axioms on 32-bit words in microkernel/ and libs/libcap/include/cap/elf.h, over bit vectors: no 32-bit x and s = 2^k
; break one of them. The answer must be unsat.
(set-logic QF_BV)
(declare-const k (_ BitVec 32))
(declare-const x (_ BitVec 32))
(declare-const y (_ BitVec 32))
(declare-const z (_ BitVec 32))
(define-fun s () (_ BitVec 32) (bvshl #x00000001 k))
(define-fun low () (_ BitVec 32) (bvsub s #x00000001))
(define-fun high () (_ BitVec 32) (bvand x (bvnot low)))
(define-fun rest () (_ BitVec 32) (bvurem x s))
(assert (bvult k #x00000020))
(assert (not (and
	(bvule #x00000001 s) (bvule s #x80000000)            ; shift_range
	(=> (bvule k #x0000001e) (bvule s #x40000000))       ; shift_small
	(= (bvand x low) rest)                               ; mask_low
	(bvule rest x) (= high (bvsub x rest))               ; mask_high
	(= (bvurem (bvsub x rest) s) #x00000000)             ; multiple
	(bvule high x) (bvult (bvsub x high) s)              ; mask_near
	(= (bvand x #xfffff000) (bvsub x (bvurem x #x00001000))) ; page_mask
	(= (bvand x #xfffffffc) (bvsub x (bvurem x #x00000004))) ; word_mask
	(=> (bvugt (bvadd ((_ zero_extend 1) x) ((_ zero_extend 1) y)) (concat #b0 #xffffffff)) ; wraps
	    (= ((_ zero_extend 1) (bvadd x y))
	       (bvsub (bvadd ((_ zero_extend 1) x) ((_ zero_extend 1) y)) (concat #b1 #x00000000))))
	(=> (= (bvand x #xfffffff8) #x00000000) (bvule x #x00000007))    ; widths
	(=> (and (bvule y #x000000ff) (= (bvand x (bvnot y)) #x00000000)) ; rights_byte
	    (bvule x #x000000ff))
	(=> (and (= (bvand x (bvnot y)) #x00000000) (= (bvand y (bvnot z)) #x00000000)) ; bits_twice
	    (= (bvand x (bvnot z)) #x00000000)))))
(check-sat)
