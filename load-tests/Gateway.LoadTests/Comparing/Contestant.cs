using Gateway.LoadTests.Processes;

namespace Gateway.LoadTests.Comparing;

/// <summary>A measured process: the port that it listens on, and the tool that is called.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="Port">The port on 127.0.0.1.</param>
/// <param name="Tool">The tool that is called; a gateway may refuse it.</param>
/// <param name="CpuTime">Returns the CPU time of its process so far.</param>
/// <param name="KernelTime">Returns the part of it that the kernel used.</param>
/// <param name="MemoryBytes">Returns the resident memory of its process now.</param>
internal sealed record Contestant(
    string Name, int Port, string Tool, Func<TimeSpan> CpuTime, Func<TimeSpan> KernelTime, Func<long> MemoryBytes)
{
    public static Contestant Of(string name, int port, string tool, ServerProcess process) =>
        new(name, port, tool, () => process.CpuTime, () => process.KernelTime, () => process.MemoryBytes);

    public static Contestant Of(string name, string tool, GatewayProcess process) =>
        new(name, process.Address.Port, tool, () => process.CpuTime, () => process.KernelTime,
            () => process.MemoryBytes);
}
