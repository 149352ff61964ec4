using Gateway.Policy.Results;

namespace Gateway.Proxy.Results;

/// <summary>
/// The rules of calls whose stream a client may resume at this gateway, for the most recent calls of each grant. The
/// response of a call that is not among them is denied.
/// </summary>
internal sealed class ResumableCalls
{
    public const int PerGrantMax = 1024;

    private readonly LatestOfGrants<ResultRules> _latest = new(PerGrantMax);

    /// <summary>Adds the rules of a call.</summary>
    /// <param name="grant">The grant that made the call.</param>
    /// <param name="call">The call's server, session and id.</param>
    /// <param name="rules">The rules for its response.</param>
    public void Add(string grant, string call, ResultRules rules) => _latest.Set(grant, call, rules);

    /// <summary>Returns the rules for the call's response, or null if the call is unknown.</summary>
    public ResultRules? Find(string grant, string call) => _latest.Find(grant, call);
}
