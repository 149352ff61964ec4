using Gateway.Fuzz;
using Gateway.Fuzz.Targets;
using SharpFuzz;

// fuzz TARGET          under afl-fuzz, with instrumented copies of the readers
// replay TARGET FILE…  without: the corpus and every past crash
// instrument DLL…      puts coverage into copies of assemblies, in place
// targets              the names
switch (args)
{
    case ["fuzz", var name]:
        var target = FuzzTargets.All[name];
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            target(input.ToArray());
        });
        return 0;
    case ["replay", var name, .. var files]:
        return Replay.Run(FuzzTargets.All[name], name, files);
    case ["instrument", .. var assemblies]:
        foreach (var assembly in assemblies)
            Fuzzer.Instrument(assembly, static _ => true, Options.Value);
        return 0;
    case ["targets"]:
        Console.WriteLine(string.Join('\n', FuzzTargets.All.Keys.Order(StringComparer.Ordinal)));
        return 0;
    default:
        Console.Error.WriteLine("usage: fuzz TARGET | replay TARGET FILE... | instrument DLL... | targets");
        return 2;
}
