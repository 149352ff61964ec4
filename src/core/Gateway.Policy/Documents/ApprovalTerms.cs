namespace Gateway.Policy.Documents;

/// <summary>How long a request for a person's approval lives.</summary>
/// <param name="ExpiresAfter">How long the request stays open, from 1 s to 30 days.</param>
/// <param name="WaitAtMost">How long the gateway holds the call for an answer, up to 1 h; zero answers at once.</param>
public sealed record ApprovalTerms(TimeSpan ExpiresAfter, TimeSpan WaitAtMost)
{
    /// <summary>What holds where an entry does not say: open for 15 minutes, held for 45 seconds.</summary>
    public static ApprovalTerms Default { get; } = new(TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(45));
}
