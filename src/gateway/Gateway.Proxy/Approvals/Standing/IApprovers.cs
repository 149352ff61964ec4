namespace Gateway.Proxy.Approvals.Standing;

/// <summary>Who may approve now.</summary>
public interface IApprovers
{
    /// <summary>Whether the person may still answer requests for this server.</summary>
    bool MayAnswer(StandingMaker maker, string server);
}
