namespace Gateway.Audit.Sinks;

/// <summary>
/// A place where audit records go. One thread at a time asks it, so that records reach every place in one order.
/// </summary>
public interface IAuditSink
{
    /// <summary>True if it takes so many bytes at once, so that the thread of a call may bring them.</summary>
    bool HasRoom(int bytes);

    /// <summary>
    /// Takes whole lines. True where they are durable on return; false where they are only on their way: some other
    /// place has to keep them then, before a call goes on. A place whose failure is to deny nothing never throws.
    /// </summary>
    /// <param name="lines">The records, each with its line's end.</param>
    /// <param name="first">
    /// The number of the first since the start, from 0 on; the same again after lines that could not be taken.
    /// </param>
    /// <exception cref="IOException">None of them counts as written, and their calls are denied.</exception>
    bool Append(ReadOnlySpan<byte> lines, long first);

    /// <summary>Looks whether so many bytes could be taken.</summary>
    /// <exception cref="IOException">They could not.</exception>
    void Probe(int bytes);
}
