using System.Text.Json.Serialization;

namespace Gateway.Proxy.Tickets;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TicketDocument))]
internal sealed partial class TicketJsonContext : JsonSerializerContext;
