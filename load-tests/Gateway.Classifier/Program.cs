using System.CommandLine;
using Gateway.Classifier;

const int Usage = 2;
var definitions = new Option<string>("--definitions")
{
    Description = "The file that load-tests/catalogue/collect.py wrote.",
    Required = true,
};
var root = new Option<string>("--root")
{
    Description = "The folder of the project.",
    DefaultValueFactory = static _ => Directory.GetCurrentDirectory(),
};
var part = new Option<string>("--part")
{
    Description = "dev writes the page and the sample of the tests; test adds a line to the log of runs.",
    DefaultValueFactory = static _ => "dev",
};
part.AcceptOnlyFromAmong("dev", "test");
var penalty = new Option<float>("--l2") { DefaultValueFactory = static _ => new TrainOptions().L2 };
var sparse = new Option<float>("--l1") { DefaultValueFactory = static _ => new TrainOptions().L1 };
var names = new Option<float>("--name-only") { DefaultValueFactory = static _ => new TrainOptions().NameOnlyWeight };
var more = new Option<float>("--more") { DefaultValueFactory = static _ => new TrainOptions().MoreWeight };
var grave = new Option<float>("--grave") { DefaultValueFactory = static _ => new TrainOptions().GraveWeight };
var least = new Option<int>("--count-min") { DefaultValueFactory = static _ => new TrainOptions().CountMin };
var train = new Command("train", "Trains the model on the part \"train\" and writes it into Gateway.Catalogue.")
{
    definitions, root, penalty, sparse, names, least, more, grave,
};
train.SetAction(parsed => Verbs.Train(
    parsed.GetValue(definitions)!, parsed.GetValue(root)!,
    new TrainOptions
    {
        L1 = parsed.GetValue(sparse),
        L2 = parsed.GetValue(penalty),
        NameOnlyWeight = parsed.GetValue(names),
        MoreWeight = parsed.GetValue(more),
        GraveWeight = parsed.GetValue(grave),
        CountMin = parsed.GetValue(least),
    }));
var measure = new Command("measure", "Prints how right the classifier is on one part.") { definitions, root, part };
measure.SetAction(parsed => Verbs.Measure(
    parsed.GetValue(definitions)!, parsed.GetValue(root)!, parsed.GetValue(part)!));
var corpora = new Option<string[]>("--corpus")
{
    Description = "A corpus of others, as load-tests/catalogue/corpora.py wrote it.",
    DefaultValueFactory = static _ => [],
};
var findings = new Command("findings", "Prints what the scan finds in attacks and in harmless definitions.")
{
    definitions, root, corpora,
};
findings.SetAction(parsed => Verbs.Findings(
    parsed.GetValue(definitions)!, parsed.GetValue(root)!, parsed.GetValue(corpora)!));
var file = new Option<string>("--out") { Description = "The published catalogue.", Required = true };
var madeAt = new Option<DateTimeOffset>("--made-at") { Description = "The time of the sources.", Required = true };
var publish = new Command("publish", "Writes the published catalogue, without any text of a server but names.")
{
    definitions, file, madeAt,
};
publish.SetAction(parsed => CatalogueWriter.Write(
    parsed.GetValue(definitions)!, parsed.GetValue(file)!, parsed.GetValue(madeAt)));
var instructions = new Command(
    "train-instructions", "Trains the model of instructions and writes it into Gateway.Proxy.")
{
    definitions, root,
};
instructions.SetAction(parsed => Verbs.TrainInstructions(parsed.GetValue(definitions)!, parsed.GetValue(root)!));
var command = new RootCommand("Trains and measures the classifier of tools, and publishes its results.")
{
    train, instructions, measure, findings, publish,
};
var given = command.Parse(args);
var code = await given.InvokeAsync();
return given.Errors.Count > 0 ? Usage : code;
