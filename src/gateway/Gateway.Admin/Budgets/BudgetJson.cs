using System.Text.Json.Serialization;
using Gateway.Admin.Answers;
using Gateway.Control.Contracts;

namespace Gateway.Admin.Budgets;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BudgetSpec))]
[JsonSerializable(typeof(TopUpSpec))]
[JsonSerializable(typeof(SharedBudgetView))]
[JsonSerializable(typeof(PageView<SharedBudgetView>))]
internal sealed partial class BudgetJson : JsonSerializerContext;
