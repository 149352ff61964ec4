using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Reports;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<ScenarioReport>))]
[JsonSerializable(typeof(Comparison))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
