using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Classifying;

/// <summary>
/// Tells what a tool does from its name, its description and its schemas, always alike for the same definition. What
/// the server marks it as may make it worse, never better; what the server leaves unsaid is no evidence.
/// </summary>
public static class ToolClassifier
{
    /// <summary>What this tool is.</summary>
    public static Classification Of(ToolFacts tool)
    {
        var name = new NameReading(tool.Name);
        var text = new TextReading(tool.Description ?? tool.Title ?? "");
        var input = SchemaSigns.Of(tool.InputSchema);
        var output = SchemaSigns.Of(tool.OutputSchema);
        var found = new Evidence();
        Judge(name, text, found);
        Raise(name, text, input, found);
        SecretSigns.Raise(name, text, output, found);
        if (tool.IsDestructive == true && found.Category is null or ToolCategory.Read)
            found.AtLeast(ToolCategory.Destructive, "Its server marks it as destructive.");
        else if (tool.IsReadOnly == false && found.Category is not null)
            found.AtLeast(ToolCategory.Write, "Its server says that it does more than read.");
        return Conclude(found, input, tool.IsDestructive == true);
    }

    /// <summary>What name and description say.</summary>
    private static void Judge(NameReading name, TextReading text, Evidence found)
    {
        var said = text.Leading;
        var verb = name.Verb;
        if (name.IsShown || (verb is null && name.EndsShown && said is null))
        {
            found.Set(ToolCategory.Read, $"Its name ends with \"{name.Last}\", which is looked at.", 0.7);
            return;
        }

        if (verb is { IsFirm: true } || (verb is not null && said is null))
        {
            found.Set(verb.Category, $"Its name says \"{verb.Word}\".", verb.IsFirm ? 0.8 : 0.5);
            if (said is not null && said.Category == verb.Category)
                found.Agree($"Its description says \"{said.Word}\" too.");
            else if (said is { IsFirm: true } && said.Category.IsGrave() && text.LeadingAt < Near(verb))
                found.AtLeast(said.Category, $"Its description begins with \"{said.Word}\".");
            else if (said is not null)
                found.Doubt();
        }
        else if (said is not null)
        {
            found.Set(said.Category, $"Its description says \"{said.Word}\".", verb is null ? 0.6 : 0.7);
            if (verb is not null && verb.Category == said.Category)
                found.Agree($"Its name says \"{verb.Word}\" too.");
            else if (verb is { Category: ToolCategory.Financial } && said.Category != ToolCategory.Read)
                found.AtLeast(ToolCategory.Financial, $"Its name says \"{verb.Word}\".");
        }

    }

    /// <summary>How near the beginning of the description a verb must stand to count against the name's.</summary>
    private static int Near(Verb verb) => verb.Category == ToolCategory.Read ? 1 : 3;

    /// <summary>What makes it worse than its verb.</summary>
    private static void Raise(NameReading name, TextReading text, SchemaSigns input, Evidence found)
    {
        Soften(name, text, found);
        if (input.Choice is { } choice)
        {
            found.AtLeast(choice.Verb.Category,
                $"Its member \"{choice.Member}\" may be \"{choice.Verb.Word}\".");
        }

        var isNamedRead = found.Category == ToolCategory.Read && found.IsByName;
        if (text.Listed is { } listed && listed.Category.IsGrave() && !text.IsSql && !isNamedRead)
            found.AtLeast(listed.Category, $"Its description names \"{listed.Word}\" among what it does.");
        RaiseToExecute(name, text, input, found);
        MoneySigns.Raise(name, text, input, found);
    }

    /// <summary>"swap", "capture" and the like are about money only in such company.</summary>
    private static void Soften(NameReading name, TextReading text, Evidence found)
    {
        if (found.Category != ToolCategory.Financial || found.IsFirm(name, text))
            return;
        if (text.IsEmpty ? name.HasFarFromMoney : !text.HasMoney && !name.HasMoney)
            found.Set(ToolCategory.Write, "Nothing near it is about money.", 0.5);
        else if (name.HasFarFromMoney)
            found.Set(ToolCategory.Write, "What its name names is not money.", 0.5);
    }

    private static void RaiseToExecute(NameReading name, TextReading text, SchemaSigns input, Evidence found)
    {
        var mayRun = found.Category is null or ToolCategory.Execute
            || (found.Category == ToolCategory.Read && name.Verb is null or { IsFirm: false });
        if (mayRun && text.OnlyReads is { } language && !text.IsSql)
        {
            if (found.Category is ToolCategory.Execute && name.Verb is { Word: "execute" or "exec" or "run" })
                found.Set(ToolCategory.Read, $"It takes {language}, a language that only reads.", 0.6);
            return;
        }

        if (mayRun && (input.Statement ?? (text.IsSql ? "query" : null)) is { } statement && !name.IsAboutStatements)
            found.AtLeast(ToolCategory.Execute, $"It takes a statement to run, as \"{statement}\".");
        if (mayRun && input.Program is { } program)
            found.AtLeast(ToolCategory.Execute, $"Its member \"{program}\" takes code or a command.");
        if (found.Category == ToolCategory.Write && name.StartsSomething is { } started)
            found.AtLeast(ToolCategory.Execute, $"Making a \"{started}\" starts it.");
        if (found.Category is ToolCategory.Write or ToolCategory.Execute && name.Looks is { } looks)
            found.Set(ToolCategory.Read, $"Its name says \"{looks}\": it looks, also where that starts a job.", 0.7);
        if (found.Category == ToolCategory.Write && (name.LetsIn ?? text.LetsIn) is { } key)
            found.AtLeast(ToolCategory.Execute, $"It is about \"{key}\", which lets somebody in.");
        if (name.IsScreen && found.Category is not ToolCategory.Execute && name.DrivesScreen)
            found.AtLeast(ToolCategory.Execute, $"Its name says \"{name.First}\": it drives a screen.");
    }

    private static Classification Conclude(Evidence found, SchemaSigns input, bool isMarked)
    {
        if (found.Category is not { } category)
        {
            return new Classification(ToolCategory.Execute, RiskLevel.High, Classification.Unsure,
                ["Not sure: nothing in its name, description or schema tells what it does. "
                    + "It counts as Execute until somebody says better."]);
        }

        var (risk, why) = category switch
        {
            ToolCategory.Read => (RiskLevel.Low, "It only shows something."),
            ToolCategory.Write when input.Secret is { } secret =>
                (RiskLevel.High, $"Its member \"{secret}\" is a secret that it changes or uses."),
            // The hint is true by default, so it says nothing of the kind of effect where that is known.
            ToolCategory.Write when isMarked =>
                (RiskLevel.High, "Its server marks it as destructive: what it overwrites may not come back."),
            ToolCategory.Write => (RiskLevel.Medium, "What it changes can be set right."),
            ToolCategory.Execute when (input.Program ?? input.Statement) is { } program =>
                (RiskLevel.Critical, $"Its member \"{program}\" takes any code or statement."),
            ToolCategory.Secret => (RiskLevel.High, "The agent's model reads what lets somebody in."),
            ToolCategory.Execute => (RiskLevel.High, "What it starts reaches beyond what can be told beforehand."),
            ToolCategory.Destructive => (RiskLevel.Critical, "What it takes away may not come back."),
            _ => (RiskLevel.Critical, "Money that has moved may not come back."),
        };
        return new Classification(category, risk, found.Confidence, [.. found.Reasons, why]);
    }
}
