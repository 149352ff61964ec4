namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>Carries "take a new permit" out of the middle of a send, the only way to stop one there.</summary>
internal sealed class PermitExpiredException() : Exception("The window of the permit ended before the first byte.");
