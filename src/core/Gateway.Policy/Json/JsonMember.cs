namespace Gateway.Policy.Json;

/// <summary>One member of an object; <c>NameOffset</c> is where its name's opening quote stands, in bytes.</summary>
public readonly record struct JsonMember(string Name, int NameOffset, JsonNode Value);
