namespace Gateway.Audit.Records;

/// <summary>Refusals that are counted together.</summary>
internal readonly record struct FoldKey(string Grant, string Server, string Rule, RefusalCategory Outcome);
