namespace Gateway.Classifier;

/// <summary>The verbs of the program.</summary>
internal static class Verbs
{
    private const string Model = "src/gateway/Gateway.Catalogue/Classifying/classifier.model";
    private const string Instructions = "src/gateway/Gateway.Proxy/Scanning/instructions.model";
    private const string Page = "docs/reference/classification.md";
    private const string Sample = "tests/Gateway.Catalogue.Tests/Classifying/development.tsv";
    private const string Log = "load-tests/catalogue/test-runs.tsv";
    private const string Labels = "load-tests/catalogue";
    private static readonly string[] Corpora = ["attacks.jsonl", "harmless.jsonl", "instructions-harmless.jsonl"];

    public static int Train(string definitions, string root, TrainOptions options)
    {
        var (tools, missing) = LabelReader.Read(
            definitions, Path.Combine(root, Labels), "train", LabelReader.More);
        Console.WriteLine($"{tools.Count} tools, {missing} without a definition here; {options}");
        var model = new Trainer(tools, options).Train(Console.Out);
        File.WriteAllBytes(Path.Combine(root, Model), model);
        Console.WriteLine($"{Model}: {model.Length} bytes. Build again, then measure.");
        return 0;
    }

    public static int TrainInstructions(string definitions, string root)
    {
        var model = new InstructionTrainer(Path.Combine(root, Labels, "instructions.jsonl"), definitions)
            .Train(Console.Out);
        File.WriteAllBytes(Path.Combine(root, Instructions), model);
        Console.WriteLine($"{Instructions}: {model.Length} bytes. Build again, then measure the findings.");
        return 0;
    }

    public static int Measure(string definitions, string root, string part)
    {
        var (tools, missing) = LabelReader.Read(definitions, Path.Combine(root, Labels), part);
        var figures = Figures.Of(tools, missing);
        Console.WriteLine(figures.Text(part == "dev"));
        if (part == "dev")
        {
            File.WriteAllText(Path.Combine(root, Sample), SampleWriter.Write(tools, figures));
            ClassificationPage.Write(Path.Combine(root, Page), figures);
            return 0;
        }

        var commit = TestLog.Add(Path.Combine(root, Log), root, figures);
        ClassificationPage.Renew(Path.Combine(root, Page), figures, commit);
        return 0;
    }

    public static int Findings(string definitions, string root, string[] others)
    {
        var figures = new FindingFigures();
        foreach (var corpus in Corpora.Select(name => Path.Combine(root, Labels, name)).Concat(others))
            figures.AddCorpus(corpus);
        figures.AddReal(definitions);
        Console.WriteLine(figures.Errors());
        Console.WriteLine(figures.Section());
        ClassificationPage.WriteFindings(Path.Combine(root, Page), figures.Section());
        return 0;
    }
}
