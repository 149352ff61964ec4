namespace Gateway.Tidy.Tests.Release;

/// <summary>The SBOM of a release: `deploy/sbom.mjs` over the lists that CycloneDX's tools write.</summary>
public sealed class SbomTests : IDisposable
{
    private const string Dependencies = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0/linux-x64" },
          "targets": { ".NETCoreApp,Version=v10.0/linux-x64": {
            "Gateway.Limits/1.0.0": { "runtime": { "Gateway.Limits.dll": {} } },
            "PolicyGateway/1.0.0": { "runtime": { "gateway.dll": {} } },
            "gateway/1.0.0.0": { "runtime": { "gateway.dll": {} } },
            "Gateway.Console.Reference/0.1.0.0": { "runtime": { "Gateway.Console.dll": {} } },
            "Npgsql/10.0.3": { "runtime": { "lib/net10.0/Npgsql.dll": {} } },
            "Orleans.Generator/1.0.0": { "dependencies": { "Npgsql": "10.0.3" } },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.12": {
              "runtime": { "System.Runtime.dll": {} }, "native": { "libSystem.Native.so": {} } }
          } },
          "libraries": {
            "Gateway.Limits/1.0.0": { "type": "project" }, "PolicyGateway/1.0.0": { "type": "project" },
            "gateway/1.0.0.0": { "type": "reference" }, "Gateway.Console.Reference/0.1.0.0": { "type": "reference" },
            "Npgsql/10.0.3": { "type": "package" },
            "Orleans.Generator/1.0.0": { "type": "package" },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.12": { "type": "runtimepack" }
          }
        }
        """;

    private const string Packages = "/nuget/packages";
    private const string Known = """[{ "license": { "id": "PostgreSQL" } }]""";

    private readonly TestFolder _folder = new();

    [NodeFact]
    public async Task Lists_every_part_that_ships_with_its_licence_and_files()
    {
        var (exit, error) = await MergeAsync(Known, "sbom.json");

        Assert.True(exit == 0, error);
        var components = JsonNode.Parse(File.ReadAllText(PathOf("sbom.json")))!["components"]!.AsArray()
            .ToDictionary(static part => (string)part!["purl"]!, static part => part!);
        Assert.Equal(
            [
                "pkg:deb/debian/libc6@2.36-9?arch=amd64",
                "pkg:generic/unicode-character-database@14.0.0",
                "pkg:generic/unicode-confusables@15.0.0",
                "pkg:npm/%40lezer/lr@1.4.12",
                "pkg:nuget/Microsoft.NETCore.App.Host.linux-x64@10.0.12",
                "pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@10.0.12",
                "pkg:nuget/Npgsql@10.0.3",
            ],
            components.Keys);
        Assert.Equal("PostgreSQL", (string?)components["pkg:nuget/Npgsql@10.0.3"]["licenses"]![0]!["license"]!["id"]);
        Assert.Equal(
            "gateway-linux-x64/libSystem.Native.so",
            (string?)components["pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@10.0.12"]
                ["evidence"]!["occurrences"]![1]!["location"]);
    }

    [NodeFact]
    public async Task Lists_what_the_compiler_of_a_native_program_read()
    {
        var (exit, error) = await MergeAsync(Known, "sbom.json", compiled: $"""
            -o:/build/artifacts/obj/Gateway.Server/release_linux-x64/native/gateway.o
            -r:/build/artifacts/bin/Gateway.Limits/release/Gateway.Limits.dll
            -r:{Packages}/microsoft.netcore.app.runtime.nativeaot.linux-x64/10.0.12/runtimes/linux-x64/lib/net10.0/System.Linq.dll
            -r:{Packages}/npgsql/10.0.3/lib/net10.0/Npgsql.dll
            """);

        Assert.True(exit == 0, error);
        var parts = JsonNode.Parse(File.ReadAllText(PathOf("sbom.json")))!["components"]!.AsArray()
            .Where(static part => part!["evidence"]!["occurrences"]!.AsArray()
                .Any(static one => (string?)one!["location"] == "gateway-native"))
            .Select(static part => ((string?)part!["purl"], part["licenses"]!.AsArray().Count));
        Assert.Equal(
            [
                ("pkg:generic/unicode-character-database@14.0.0", 1),
                ("pkg:generic/unicode-confusables@15.0.0", 1),
                ("pkg:nuget/Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64@10.0.12", 1),
                ("pkg:nuget/Npgsql@10.0.3", 1),
            ],
            parts);
    }

    [NodeTheory]
    [InlineData($"-r:{Packages}/strange/1.0.0/lib/net10.0/Strange.dll", "Strange.dll, which no list of packages has")]
    [InlineData("-r:/somewhere/Strange.dll", "/somewhere/Strange.dll, which no list of packages has")]
    [InlineData("--targetos:linux", "names no file that the compiler read")]
    public async Task Fails_on_a_compiled_file_of_no_part(string compiled, string problem)
    {
        var (exit, error) = await MergeAsync(Known, "sbom.json", compiled: compiled);

        Assert.Equal(1, exit);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [NodeTheory]
    [InlineData("[]")]
    [InlineData("""[{ "license": { "name": "Unknown - See URL", "url": "https://example.com" } }]""")]
    public async Task Fails_on_a_part_whose_licence_is_unknown(string licenses)
    {
        var (exit, error) = await MergeAsync(licenses, "sbom.json");

        Assert.Equal(1, exit);
        Assert.Contains("pkg:nuget/Npgsql@10.0.3 has no known licence", error, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("sbom.json")));
    }

    [NodeFact]
    public async Task Fails_on_a_shipped_package_that_no_list_has()
    {
        var (exit, error) = await MergeAsync(Known, "sbom.json", named: "Npgsql.Renamed");

        Assert.Equal(1, exit);
        Assert.Contains(
            "gateway-linux-x64 contains Npgsql/10.0.3, which no list of packages has", error, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Two_runs_write_the_same_bytes()
    {
        await MergeAsync(Known, "first.json");
        await MergeAsync(Known, "second.json");

        Assert.Equal(File.ReadAllText(PathOf("first.json")), File.ReadAllText(PathOf("second.json")));
    }

    public void Dispose() => _folder.Dispose();

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private async Task<(int Exit, string Error)> MergeAsync(
        string licenses, string result, string named = "Npgsql", string? compiled = null)
    {
        if (compiled is not null)
            await File.WriteAllTextAsync(PathOf("gateway.ilc.rsp"), compiled);
        await File.WriteAllTextAsync(PathOf("deps.json"), Dependencies);
        await File.WriteAllTextAsync(PathOf("nuget.json"), $$"""
            { "components": [
              { "type": "library", "name": "Generator", "version": "1.0.0", "purl": "pkg:nuget/Orleans.Generator@1.0.0" },
              { "type": "library", "name": "{{named}}", "version": "10.0.3", "purl": "pkg:nuget/{{named}}@10.0.3",
                "licenses": {{licenses}} } ] }
            """);
        await File.WriteAllTextAsync(PathOf("npm.json"), """
            { "components": [
              { "type": "library", "name": "esbuild", "version": "0.28.2", "purl": "pkg:npm/esbuild@0.28.2" },
              { "type": "library", "group": "@lezer", "name": "lr", "version": "1.4.12",
                "purl": "pkg:npm/%40lezer/lr@1.4.12", "licenses": [{ "license": { "id": "MIT" } }] } ] }
            """);
        await File.WriteAllTextAsync(
            PathOf("vendor.lock.json"), """{ "editor.js": { "packages": { "@lezer/lr": { "version": "1.4.12" } } } }""");
        await File.WriteAllTextAsync(PathOf("debian"), "libc6 2.36-9 /usr/lib/x86_64-linux-gnu/libc.so.6\n");
        using var node = Process.Start(new ProcessStartInfo("node",
        [
            SourceTree.PathOf("deploy", "sbom.mjs"), "--program", $"gateway-linux-x64={PathOf("deps.json")}",
            "--bom", PathOf("nuget.json"), "--bom", PathOf("npm.json"), "--bundles", PathOf("vendor.lock.json"),
            "--debian", PathOf("debian"), "--version", "1.2.3", "--out", PathOf(result),
            .. compiled is null ? [] : new[] { "--native", $"gateway-native={PathOf("gateway.ilc.rsp")}" },
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = node.StandardError.ReadToEndAsync();
        await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return (node.ExitCode, await error);
    }

    private sealed class NodeFactAttribute : FactAttribute
    {
        public NodeFactAttribute() => Skip = Missing;
    }

    private sealed class NodeTheoryAttribute : TheoryAttribute
    {
        public NodeTheoryAttribute() => Skip = Missing;
    }

    private static string? Missing => SearchPath.Has("node") ? null : "node is not installed";
}
