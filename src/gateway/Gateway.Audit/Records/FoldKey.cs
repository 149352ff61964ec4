namespace Gateway.Audit.Records;

/// <summary>Key of refusals that are counted together.</summary>
internal readonly record struct FoldKey(string Grant, string Server, string Rule, RefusalCategory Outcome);
