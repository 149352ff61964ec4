namespace Gateway.Policy.Json;

/// <summary>One member of an object; <c>NameOffset</c> is the byte position of its name's opening quote.</summary>
public readonly record struct JsonMember(string Name, int NameOffset, JsonNode Value);
