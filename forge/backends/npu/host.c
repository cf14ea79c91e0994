/* Compiles OpenVINO models for the NPU, one job a line of stdin; README.md says how to build it.
 *
 * A job is its fields, with tabs between them: the model (.xml), where to write the blob (- for
 * nowhere), then properties of the device, NAME=VALUE each. The answer is a line on stdout: "ok",
 * or "failed" and the compiler's message with its line ends as spaces. One process takes any number
 * of jobs, which saves the 2.5 seconds that the libraries take to load.
 */
#include <stdio.h>
#include <string.h>

#include "openvino/c/openvino.h"

enum { MAX_PROPERTIES = 16, MAX_LINE = 65536 };

static const char* compile(ov_core_t* core, char* job) {
    ov_property_t properties[MAX_PROPERTIES];
    size_t count = 0;
    const char* path = strtok(job, "\t");
    const char* blob = strtok(NULL, "\t");
    for (char* field; (field = strtok(NULL, "\t")) != NULL && count < MAX_PROPERTIES;) {
        char* value = strchr(field, '=');
        if (value == NULL)
            return "a property has no value";
        *value = '\0';
        properties[count].key = field;
        properties[count++].value = value + 1;
    }
    if (path == NULL || blob == NULL)
        return "a job names a model and a blob";
    ov_model_t* model = NULL;
    ov_compiled_model_t* compiled = NULL;
    ov_status_e status = ov_core_read_model(core, path, NULL, &model);
    if (status == OK)
        status = ov_core_compile_model_props(core, model, "NPU", count, properties, &compiled);
    if (status == OK && strcmp(blob, "-") != 0)
        status = ov_compiled_model_export_model(compiled, blob);
    ov_compiled_model_free(compiled);
    ov_model_free(model);
    return status == OK ? NULL : ov_get_last_err_msg();
}

int main(void) {
    static char line[MAX_LINE];
    ov_core_t* core = NULL;
    if (ov_core_create(&core) != OK)
        return 1;
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        const char* message = compile(core, line);
        fputs(message == NULL ? "ok" : "failed ", stdout);
        for (; message != NULL && *message != '\0'; message++)
            putchar(*message == '\n' || *message == '\r' ? ' ' : *message);
        putchar('\n');
        fflush(stdout);
    }
    return 0;
}
