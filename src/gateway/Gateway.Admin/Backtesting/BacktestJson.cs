using System.Text.Json.Serialization;
using Gateway.Admin.Answers;

namespace Gateway.Admin.Backtesting;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BacktestInput))]
[JsonSerializable(typeof(BacktestView))]
[JsonSerializable(typeof(PageView<BacktestView>))]
internal sealed partial class BacktestJson : JsonSerializerContext;
