namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// A detector of <c>list_changed</c> in the passing bytes of a stream, wherever it occurs. A false match only causes
/// one extra list request to the server.
/// </summary>
internal sealed class ListChangeWatch(Action changed)
{
    private int _begun;

    private static ReadOnlySpan<byte> Word => "list_changed"u8;

    public void See(ReadOnlySpan<byte> bytes)
    {
        // The first letter occurs only once in the word, so a partial match restarts at the next letter or not at all.
        while (_begun > 0 && !bytes.IsEmpty)
        {
            if (bytes[0] != Word[_begun])
            {
                _begun = 0;
                break;
            }

            bytes = bytes[1..];
            if (++_begun == Word.Length)
                Notify();
        }

        if (bytes.IsEmpty)
            return;
        if (bytes.IndexOf(Word) >= 0)
            Notify();
        var last = bytes.LastIndexOf(Word[0]);
        if (last >= 0 && bytes.Length - last < Word.Length && Word.StartsWith(bytes[last..]))
            _begun = bytes.Length - last;
    }

    private void Notify()
    {
        _begun = 0;
        changed();
    }
}
