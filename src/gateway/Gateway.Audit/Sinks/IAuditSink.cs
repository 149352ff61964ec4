namespace Gateway.Audit.Sinks;

/// <summary>
/// A destination for audit records. Only one thread at a time calls it, so that records reach every destination in the
/// same order.
/// </summary>
public interface IAuditSink
{
    /// <summary>
    /// Returns true if it accepts this many bytes immediately, so that a call's own thread may deliver them.
    /// </summary>
    bool HasRoom(int bytes);

    /// <summary>
    /// Accepts whole lines. Returns true if they are durable, or false if they are only in transit; another destination
    /// must then make them durable before a call continues. A destination whose failure must not deny calls never
    /// throws.
    /// </summary>
    /// <param name="lines">The records, each with its line end.</param>
    /// <param name="first">
    /// Number of the first record since the start, from 0. The same number is used again after lines that were not
    /// accepted.
    /// </param>
    /// <exception cref="IOException">None of the lines counts as written, and their calls are denied.</exception>
    bool Append(ReadOnlySpan<byte> lines, long first);

    /// <summary>Checks whether this many bytes could be accepted.</summary>
    /// <exception cref="IOException">They could not be accepted.</exception>
    void Probe(int bytes);
}
