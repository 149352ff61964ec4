namespace Gateway.Policy.Text;

/// <summary>The words of a refusal, the same for the agent, the record and the log.</summary>
public static class PolicyText
{
    /// <summary><c>Policy violation: reason. What to do next.</c> with one full stop after the reason.</summary>
    public static string Violation(string reason, string nextStep) => Sentence("Policy violation", reason, nextStep);

    /// <summary><c>Unavailable: reason. What to do next.</c> for what no rule refused.</summary>
    public static string Unavailable(string reason, string nextStep) => Sentence("Unavailable", reason, nextStep);

    private static string Sentence(string what, string reason, string nextStep)
    {
        var trimmed = reason.AsSpan().TrimEnd();
        var ended = trimmed.Length > 0 && trimmed[^1] is '.' or '!' or '?' ? "" : ".";
        return nextStep.Length == 0
            ? $"{what}: {trimmed}{ended}"
            : $"{what}: {trimmed}{ended} {nextStep}";
    }
}
