using Gateway.Proxy.Denials;

namespace Gateway.Proxy.Audit;

/// <summary>Refusals that are counted together.</summary>
internal readonly record struct FoldKey(string Grant, string Server, string Rule, RefusalOutcome Outcome);
