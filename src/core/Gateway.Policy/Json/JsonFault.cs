namespace Gateway.Policy.Json;

/// <summary>Why a text is not the JSON that we accept, and at which byte.</summary>
public readonly record struct JsonFault(int Offset, string Pointer, string Message);
