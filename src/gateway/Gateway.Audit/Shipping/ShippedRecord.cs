namespace Gateway.Audit.Shipping;

/// <summary>A record on its way to a sink.</summary>
/// <param name="Writer">Whose log it is of, as its checkpoints name it.</param>
/// <param name="At">Where its line begins in that log.</param>
/// <param name="Line">The line as it stands in the file, without its end.</param>
public readonly record struct ShippedRecord(string Writer, ShipCursor At, ReadOnlyMemory<byte> Line)
{
    /// <summary>
    /// <c>WRITER/FILE-OFFSET</c>: the same at each try, so that a receiver may leave out what it has.
    /// </summary>
    public string Id => $"{Writer}/{At}";
}
