namespace Gateway.Admin.Importing;

/// <summary>A difference between an imported policy and its source.</summary>
/// <param name="Line">The line in the source, from 1.</param>
/// <param name="Place">The path of its members: <c>tools.pay.rules[0]</c>.</param>
/// <param name="Message">The part that was not carried over, and the effect.</param>
public sealed record ImportNote(long Line, string Place, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Line}: {Place}: {Message}";
}
