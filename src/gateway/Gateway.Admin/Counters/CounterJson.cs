using System.Text.Json.Serialization;
using Gateway.Admin.Answers;

namespace Gateway.Admin.Counters;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BudgetsView))]
[JsonSerializable(typeof(CounterReset))]
[JsonSerializable(typeof(CounterView))]
[JsonSerializable(typeof(PageView<CounterView>))]
internal sealed partial class CounterJson : JsonSerializerContext;
