namespace Gateway.TestHarness.Gateways;

/// <summary>The product's executables, which are in the output folder of the tests that refer to them.</summary>
public static class Programs
{
    /// <summary>
    /// The path of the gateway's assembly. <c>GATEWAY_PROGRAM</c> selects another one for the tests, such as a
    /// published one, or an executable that includes its runtime.
    /// </summary>
    public static string Gateway { get; } =
        Environment.GetEnvironmentVariable("GATEWAY_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "gateway.dll");

    /// <summary>The path of gateway-cluster's assembly.</summary>
    public static string Cluster { get; } = Path.Combine(AppContext.BaseDirectory, "gateway-cluster.dll");

    /// <summary>
    /// Returns the command line that starts a program: the executable, or the runtime of these tests with the assembly.
    /// </summary>
    /// <param name="program">The path of an executable or of an assembly.</param>
    /// <param name="arguments">The command-line arguments.</param>
    public static string[] Command(string program, params IEnumerable<string> arguments) =>
        Path.GetExtension(program) == ".dll" ? [Dotnet, program, .. arguments] : [program, .. arguments];

    private static string Dotnet { get; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
}
