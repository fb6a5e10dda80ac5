package cursor

// Request is what every request of a list says: how many items, and where to go on.
type Request interface {
	GetPageSize() int32
	GetPageToken() string
}

// Page reads the page of a list that req asks for: def items unless it says how many, at most limit. query is as in
// Encode. find returns up to n items that follow a position, the zero P being the start; position returns that of an
// item. next is the token of the page that follows, "" on the last one. Faults: those of PageSize and Decode, and find's.
func Page[P, T any](req Request, query string, def, limit int, find func(after P, n int) ([]T, error), position func(T) P) (items []T, next string, err error) {
	size, err := PageSize(req.GetPageSize(), def, limit)
	if err != nil {
		return nil, "", err
	}
	var after P
	if token := req.GetPageToken(); token != "" {
		if err := Decode(query, token, &after); err != nil {
			return nil, "", err
		}
	}
	items, err = find(after, size+1)
	if err != nil || len(items) <= size {
		return items, "", err
	}
	return items[:size], Encode(query, position(items[size-1])), nil
}
