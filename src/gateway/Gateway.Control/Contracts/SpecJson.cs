using System.Text.Json.Serialization;

namespace Gateway.Control.Contracts;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BudgetSpec))]
[JsonSerializable(typeof(GrantSpec))]
[JsonSerializable(typeof(GrantFile))]
[JsonSerializable(typeof(AlertSpec))]
[JsonSerializable(typeof(ChannelSpec))]
[JsonSerializable(typeof(ServerSpec))]
[JsonSerializable(typeof(ServerInput))]
[JsonSerializable(typeof(ServerAccountSpec))]
[JsonSerializable(typeof(ServerFile))]
internal sealed partial class SpecJson : JsonSerializerContext;
