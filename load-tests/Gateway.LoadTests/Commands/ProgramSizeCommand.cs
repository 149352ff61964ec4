using System.CommandLine;
using Gateway.LoadTests.Sizes;

namespace Gateway.LoadTests.Commands;

/// <summary><c>program-size</c>: the parts of the native program, by assembly and by type.</summary>
internal static class ProgramSizeCommand
{
    private static readonly Option<string> Statistics = new("--mstat")
    {
        Description = "The file that a build with -p:IlcGenerateMstatFile=true writes: "
            + "artifacts/obj/Gateway.Server/release_linux-x64/native/gateway.mstat",
        Required = true,
    };

    private static readonly Option<int> Rows = LoadOptions.Number("--rows", 25, "Rows of each list.");

    public static Command Create()
    {
        var command = new Command("program-size",
            "Lists the parts of a native program by size.\n\nExample:\n"
            + "  gateway-load program-size --mstat gateway.mstat")
        {
            Statistics, Rows,
        };
        command.SetAction(static parsed =>
            Print(ProgramParts.Read(parsed.GetValue(Statistics)!), parsed.GetValue(Rows)));
        return command;
    }

    private static void Print(ProgramParts parts, int rows)
    {
        Both("assembly", parts.Assemblies);
        Both("type, with all its instances", parts.Definitions);
        One("other data", parts.Blobs);
        One("embedded file", parts.Resources);

        void Both(string title, Dictionary<string, (long Code, long Types)> sizes)
        {
            Console.WriteLine($"\n{"code kB",10}{"types kB",10}  {title}");
            Console.WriteLine(
                $"{sizes.Values.Sum(static one => one.Code) / 1e3,10:0}"
                + $"{sizes.Values.Sum(static one => one.Types) / 1e3,10:0}  all {sizes.Count}");
            foreach (var (name, (code, types)) in sizes
                .OrderByDescending(static one => one.Value.Code + one.Value.Types).Take(rows))
            {
                Console.WriteLine($"{code / 1e3,10:0}{types / 1e3,10:0}  {name}");
            }
        }

        void One(string title, Dictionary<string, long> sizes)
        {
            Console.WriteLine($"\n{"kB",10}{"",10}  {title}");
            Console.WriteLine($"{sizes.Values.Sum() / 1e3,10:0}{"",10}  all {sizes.Count}");
            foreach (var (name, size) in sizes.OrderByDescending(static one => one.Value).Take(rows))
                Console.WriteLine($"{size / 1e3,10:0}{"",10}  {name}");
        }
    }
}
