namespace Gateway.Policy.Tools.Diff;

/// <summary>Some calls at one time.</summary>
/// <param name="Grant">Whose.</param>
/// <param name="AtMs">Milliseconds from the beginning.</param>
/// <param name="Times">How many.</param>
public readonly record struct CallStep(string Grant, long AtMs, int Times)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Times} calls at {AtMs / 1000m:0.###} s by \"{Grant}\"";
}
