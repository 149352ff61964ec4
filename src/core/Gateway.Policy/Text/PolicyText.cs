namespace Gateway.Policy.Text;

/// <summary>The text of a refusal, identical for the agent, the record and the log.</summary>
public static class PolicyText
{
    /// <summary>Returns <c>Policy violation: reason. Next step.</c> with one period after the reason.</summary>
    public static string Violation(string reason, string nextStep) => Sentence("Policy violation", reason, nextStep);

    /// <summary>Returns <c>Unavailable: reason. Next step.</c> for a refusal without a rule.</summary>
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
