namespace Gateway.TestHarness.Gateways;

/// <summary>The product's executables, which stand beside the assembly of the tests that refer to them.</summary>
public static class Programs
{
    /// <summary>
    /// The path of its assembly. <c>GATEWAY_PROGRAM</c> names another one to be tested in its place, such as a
    /// published one, or an executable that brings its own runtime.
    /// </summary>
    public static string Gateway { get; } =
        Environment.GetEnvironmentVariable("GATEWAY_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "gateway.dll");

    /// <summary>The path of gateway-cluster's assembly.</summary>
    public static string Cluster { get; } = Path.Combine(AppContext.BaseDirectory, "gateway-cluster.dll");

    /// <summary>The words that start a program: itself, or the runtime of these tests with its assembly.</summary>
    /// <param name="program">The path of an executable or of an assembly.</param>
    /// <param name="arguments">What it is told.</param>
    public static string[] Command(string program, params IEnumerable<string> arguments) =>
        Path.GetExtension(program) == ".dll" ? [Dotnet, program, .. arguments] : [program, .. arguments];

    private static string Dotnet { get; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
}
