using System.Text.Json.Serialization;

namespace Gateway.Proxy.Tasks;

/// <summary>The JSON of sealed tasks.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class TaskJsonContext : JsonSerializerContext;
