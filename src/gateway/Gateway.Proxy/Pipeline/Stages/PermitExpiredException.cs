namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The signal from the middle of a send that a new permit is needed; only an exception can stop a send there.
/// </summary>
internal sealed class PermitExpiredException() : Exception("The window of the permit ended before the first byte.");
