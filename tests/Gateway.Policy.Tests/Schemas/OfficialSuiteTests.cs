using Gateway.Policy.Schemas;
using Gateway.Policy.Schemas.Compiling;
using Xunit.Abstractions;

namespace Gateway.Policy.Tests.Schemas;

/// <summary>
/// The official suite of JSON Schema, where a copy of it is at hand: github.com/json-schema-org/JSON-Schema-Test-Suite,
/// its path in the environment variable below. It is not part of this repository.
/// </summary>
public class OfficialSuiteTests(ITestOutputHelper output)
{
    // By the contract of the policy format, "format" is an annotation and \s is ASCII.
    private static readonly string[] Different =
        ["format-assertion.json", "ECMA 262 \\s matches whitespace", "ECMA 262 \\S matches everything but whitespace"];

    [SuiteFact]
    public void Every_test_of_what_is_supported_passes()
    {
        var folder = Path.Combine(SuiteFactAttribute.Folder!, "tests", "draft2020-12");
        int passed = 0, refused = 0;
        var failures = new List<string>();
        var unsupported = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var optional = Path.Combine(folder, "optional");
        string[] files = [.. Directory.GetFiles(folder, "*.json"), .. Directory.GetFiles(optional, "*.json")];
        foreach (var file in files.Where(file => !Different.Contains(Path.GetFileName(file))))
        {
            using var groups = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var group in groups.RootElement.EnumerateArray())
            {
                if (Different.Contains(group.GetProperty("description").GetString()))
                    continue;
                var tests = group.GetProperty("tests").EnumerateArray().ToArray();
                if (Compile(group.GetProperty("schema").GetRawText(), out var problem) is not { } schema)
                {
                    refused += tests.Length;
                    unsupported[problem] = unsupported.GetValueOrDefault(problem) + tests.Length;
                    continue;
                }

                foreach (var test in tests)
                {
                    var isValid = test.GetProperty("valid").GetBoolean();
                    if (Accepts(schema, test.GetProperty("data").GetRawText()) == isValid)
                        passed++;
                    else
                        failures.Add($"{Path.GetFileName(file)}: {group.GetProperty("description")}: "
                            + test.GetProperty("description"));
                }
            }
        }

        foreach (var (problem, count) in unsupported)
            output.WriteLine($"{count} refused at load: {problem}");
        output.WriteLine($"{passed} passed, {failures.Count} failed, {refused} refused at load");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(passed > 1000, $"{passed} passed");
    }

    private static Schema? Compile(string json, out string problem)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        var problems = new ProblemSink("schema.json", new LineMap(utf8));
        var node = JsonTreeReader.Read(utf8, depthMax: 64, duplicates: null, out _)!;
        var schema = SchemaCompiler.Compile(node, "", problems);
        problem = problems.ToImmutable().FirstOrDefault()?.Message ?? "";
        return problems.HasErrors ? null : schema;
    }

    private static bool Accepts(Schema schema, string json)
    {
        var run = new SchemaRun(new WorkBudget());
        var value = JsonTreeReader.Read(Encoding.UTF8.GetBytes(json), depthMax: 64, duplicates: null, out _)!;
        return schema.Accepts(value, run) && !run.IsExhausted;
    }
}
