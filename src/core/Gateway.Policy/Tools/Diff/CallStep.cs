using Gateway.Policy.Text;

namespace Gateway.Policy.Tools.Diff;

/// <summary>Several calls at one time.</summary>
/// <param name="Grant">The grant that makes the calls.</param>
/// <param name="AtMs">Milliseconds from the start.</param>
/// <param name="Times">The number of calls.</param>
public readonly record struct CallStep(string Grant, long AtMs, int Times)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Spelling.Count(Times, "call")} at {AtMs / 1000m:0.###} s by \"{Grant}\"";
}
