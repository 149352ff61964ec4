namespace Gateway.Proxy.Approvals.Standing;

/// <summary>The people who may currently approve.</summary>
public interface IApprovers
{
    /// <summary>Returns true if the person may still decide on requests for this server.</summary>
    bool MayAnswer(StandingMaker maker, string server);
}
