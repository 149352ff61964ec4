using System.Text.Json.Serialization;
using Gateway.Admin.Answers;

namespace Gateway.Admin.Clients;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PageView<ClientsView>))]
internal sealed partial class ClientsJson : JsonSerializerContext;
