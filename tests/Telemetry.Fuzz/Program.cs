using Telemetry.Fuzz;

if (FuzzOptions.TryParse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(FuzzOptions.Usage);
    return 2;
}

Console.WriteLine($"{options.Target}: seed {options.Seed}, from {options.First}, {options.Count:N0}");
return options.Target == "framer" ? FramerRun.Run(options) : await ConnectionRun.RunAsync(options);
