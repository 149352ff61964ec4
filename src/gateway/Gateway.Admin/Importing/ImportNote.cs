namespace Gateway.Admin.Importing;

/// <summary>What an imported policy does not say as its source did.</summary>
/// <param name="Line">Where it stands in the source, from 1.</param>
/// <param name="Place">The members that lead to it: <c>tools.pay.rules[0]</c>.</param>
/// <param name="Message">What was not carried over, and what holds instead.</param>
public sealed record ImportNote(long Line, string Place, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Line}: {Place}: {Message}";
}
