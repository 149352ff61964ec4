namespace Gateway.Server.Tests.Interop;

/// <summary>A tool call that a scripted client makes.</summary>
internal sealed record ScriptedCall(string Name, Dictionary<string, object?> Arguments);
