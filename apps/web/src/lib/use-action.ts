import { type UseMutationOptions, useMutation } from '@tanstack/react-query'
import { useCallback, useRef } from 'react'

type Options<Data, Input> = Omit<UseMutationOptions<Data, Error, Input>, 'mutationFn'> & { readonly mutationFn: (input: Input) => Promise<Data> }

/**
 * A mutation that is not begun again while it is under way. A button at work takes no press, but the second of two quick ones comes before the page is drawn
 * anew, and would make two of what there should be one of.
 */
export function useAction<Data, Input = void>({ mutationFn, ...options }: Options<Data, Input>) {
  const isUnderWay = useRef(false)
  const mutation = useMutation<Data, Error, Input>({
    ...options,
    mutationFn: async (input) => {
      try {
        return await mutationFn(input)
      } finally {
        isUnderWay.current = false
      }
    },
  })
  const begin = mutation.mutate
  const mutate = useCallback(
    (input: Input) => {
      if (isUnderWay.current) return
      isUnderWay.current = true
      begin(input)
    },
    [begin],
  )
  return { ...mutation, mutate }
}
