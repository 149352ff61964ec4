namespace Gateway.Proxy.Forwarding;

public enum ForwardEnd
{
    /// <summary>The agent has its answer, or is gone.</summary>
    Answered,

    /// <summary>Nothing was written to the server: the permit's window had ended.</summary>
    PermitExpired,
}
