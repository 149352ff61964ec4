using Gateway.Policy.Results;

namespace Gateway.Proxy.Results;

/// <summary>
/// The rules of calls whose stream a client may take up again at this gateway, the latest of each grant. A call that is
/// not among them is not known there, and its answer is denied.
/// </summary>
internal sealed class ResumableCalls
{
    public const int PerGrantMax = 1024;

    private readonly LatestOfGrants<ResultRules> _latest = new(PerGrantMax);

    /// <summary>Remembers a call.</summary>
    /// <param name="grant">The grant that made it.</param>
    /// <param name="call">Its server, its session and its id.</param>
    /// <param name="rules">What holds for its answer.</param>
    public void Add(string grant, string call, ResultRules rules) => _latest.Set(grant, call, rules);

    /// <summary>What holds for the call's answer; null where it is not known.</summary>
    public ResultRules? Find(string grant, string call) => _latest.Find(grant, call);
}
