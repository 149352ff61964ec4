namespace Gateway.Limits.Model;

/// <summary>Who gave numbers out, and is told once they cannot come back: an owner, or what stands for it.</summary>
public interface IPermitIssuer
{
    /// <summary>The numbers of this part can no longer come back, or have. Called without any lock.</summary>
    void Commit(CounterPermit part);
}
