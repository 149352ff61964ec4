namespace Gateway.Policy.Json;

/// <summary>The reason why a text is not accepted as JSON, and the byte at which it fails.</summary>
public readonly record struct JsonFault(int Offset, string Pointer, string Message);
