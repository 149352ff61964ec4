namespace Gateway.Limits.Model;

/// <summary>
/// The issuer of numbers, which is notified once they cannot come back: an owner, or its representative.
/// </summary>
public interface IPermitIssuer
{
    /// <summary>
    /// Notes that the numbers of this part can no longer come back, or have come back. Called without any lock.
    /// </summary>
    void Commit(CounterPermit part);
}
