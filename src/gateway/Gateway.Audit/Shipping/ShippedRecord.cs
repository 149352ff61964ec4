namespace Gateway.Audit.Shipping;

/// <summary>A record to be sent to a sink.</summary>
/// <param name="Writer">Id of the log's writer, as in its checkpoints.</param>
/// <param name="At">Place in the log where the line begins.</param>
/// <param name="Line">The line as it is in the file, without its end.</param>
public readonly record struct ShippedRecord(string Writer, ShipCursor At, ReadOnlyMemory<byte> Line)
{
    /// <summary>
    /// Id of the form <c>WRITER/FILE-OFFSET</c>. It is the same in each attempt, so that a receiver can discard
    /// duplicates.
    /// </summary>
    public string Id => $"{Writer}/{At}";
}
